// English: to come.
export const invocations = {};
