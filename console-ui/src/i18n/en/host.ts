// English: to come.
export const host = {};
