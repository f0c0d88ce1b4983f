// English: to come.
export const functionCode = {};
