// English: to come.
export const createFunction = {};
