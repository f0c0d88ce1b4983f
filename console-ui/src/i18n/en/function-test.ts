// English: to come.
export const functionTest = {};
