// English: to come.
export const dashboard = {};
