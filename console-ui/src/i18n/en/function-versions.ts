// English: to come.
export const functionVersions = {};
