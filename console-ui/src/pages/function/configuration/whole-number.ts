// Whole numbers as they are typed. Pure.

/** A whole number as typed, or `NaN`. */
export function wholeNumber(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : NaN;
}
