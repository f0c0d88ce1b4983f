// Gives a file to the reader's disk.

/** Saves what is at an address of this origin. */
export function downloadAddress(file: string, address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = file;
  link.click();
}

/** Saves bytes or text. */
export function downloadText(file: string, content: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  downloadAddress(file, address);
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
