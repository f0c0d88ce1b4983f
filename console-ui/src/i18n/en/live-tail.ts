// English: to come.
export const liveTail = {};
