/** Characters that would move, hide or turn around what stands beside them. */
const UNSHOWN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/gu
/** Emoji are put together with these. */
const HARMLESS = new Set(['\u200d', '\ufe0f'])

/** A key, or a part of one, as it can be shown: what would not be seen is written out, `\u{202e}`. */
export const shownName = (name: string): string =>
  name.replace(UNSHOWN, (character) =>
    HARMLESS.has(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )

/** The last part of a key: `coast.jpg` of `trip/coast.jpg`, `trip/` of `2026/trip/`. */
export const baseName = (key: string): string => key.slice(key.lastIndexOf('/', key.length - 2) + 1)

/** The folder that a key is in: `trip/` of `trip/coast.jpg`. */
export const folderOf = (key: string): string => key.slice(0, key.length - baseName(key).length)
