// English: to come.
export const insights = {};
