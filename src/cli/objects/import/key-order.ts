/** Compares object keys as S3 lists them: by their UTF-8 bytes. Text of JavaScript sorts otherwise beyond U+FFFF. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'))
}
