// English: to come.
export const logs = {};
