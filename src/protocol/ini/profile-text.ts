import { sectionNameOf, settingOf } from './lines.ts'

/**
 * The text of an AWS configuration or credentials file: sections of `name = value` lines. Only what is asked for is changed; comments,
 * order, spelling and everything of other tools stay as they are.
 *
 *     [default]
 *     region = us-east-1
 *     s3 =
 *       addressing_style = path        belongs to `s3`, as each indented line does
 */

const INDENTED = /^\s+\S/

/** A name as it is compared: blanks count once. */
const sectionOf = (line: string): string | null => sectionNameOf(line)?.trim().replace(/\s+/g, ' ') ?? null

/** A line of its own; an indented one belongs to the one before. */
const memberOf = (line: string): ReturnType<typeof settingOf> =>
  INDENTED.test(line) ? null : settingOf(line)

/** The names of all sections, in order. */
export const listProfileSections = (text: string): string[] =>
  text.split(/\r?\n/).flatMap((line) => sectionNameOf(line)?.trim() ?? [])

/** The members of a section, or null when there is no such section. Nested members are left out. */
export function readProfileSection(text: string, section: string): ReadonlyMap<string, string> | null {
  const lines = text.split(/\r?\n/)
  const place = placeOf(lines, section)
  if (!place) return null
  const members = new Map<string, string>()
  for (const line of lines.slice(place.start + 1, place.end)) {
    const member = memberOf(line)
    if (member) members.set(member.name, member.value)
  }
  return members
}

/**
 * The text with these members in the section: changed where they stand, else added at its end; the section is added when it is missing.
 * A member that is changed loses the indented lines below it; one that is null is taken away with them.
 */
export function writeProfileSection(
  text: string,
  section: string,
  members: Readonly<Record<string, string | null>>,
): string {
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
  const place = placeOf(lines, section)
  const head = place
    ? lines.slice(0, place.start + 1)
    : [...lines, ...(lines.length > 0 ? [''] : []), `[${section}]`]
  const tail = place ? lines.slice(place.end) : []
  const missing = new Map(Object.entries(members))
  const body: string[] = []
  let isDropping = false
  for (const line of place ? lines.slice(place.start + 1, place.end) : []) {
    if (isDropping && INDENTED.test(line)) continue
    const name = memberOf(line)?.name
    const value = name === undefined ? undefined : members[name]
    isDropping = value !== undefined
    if (name === undefined || value === undefined) body.push(line)
    else if (missing.delete(name) && value !== null) body.push(`${name} = ${value}`)
  }
  let blankLines = 0
  while (body.length > blankLines && body[body.length - 1 - blankLines]?.trim() === '') blankLines++
  const trailing = body.splice(body.length - blankLines)
  for (const [name, value] of missing) if (value !== null) body.push(`${name} = ${value}`)
  return [...head, ...body, ...trailing, ...tail].join('\n') + '\n'
}

/** The text without a section and all that is in it. */
export function removeProfileSection(text: string, section: string): string {
  const lines = text.split(/\r?\n/)
  const place = placeOf(lines, section)
  return place ? [...lines.slice(0, place.start), ...lines.slice(place.end)].join('\n') : text
}

/** Where a section lies: its header's line, and the line behind its last one. */
function placeOf(lines: readonly string[], section: string): { start: number; end: number } | null {
  const wanted = section.replace(/\s+/g, ' ')
  const start = lines.findIndex((line) => sectionOf(line) === wanted)
  if (start < 0) return null
  const end = lines.findIndex((line, at) => at > start && sectionOf(line) !== null)
  return { start, end: end < 0 ? lines.length : end }
}
