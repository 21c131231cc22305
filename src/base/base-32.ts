const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A letter or digit of base 32 for each byte, by its lower five bits: what ids of access keys and of roles are made of. */
export function base32Letters(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += LETTERS.charAt(byte & 31)
  return text
}
