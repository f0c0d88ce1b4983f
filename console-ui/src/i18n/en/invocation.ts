// English: to come.
export const invocation = {};
