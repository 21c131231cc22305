import {
  File,
  FileArchive,
  FileCode,
  FileMusic,
  FilePlay,
  FileText,
  Folder,
  Image,
  Sheet,
  type LucideIcon,
} from 'lucide-react'
import type { ObjectRow } from './rows.ts'

/** How an object can be shown beside the list; null: not at all. */
type PreviewKind = 'text' | 'json' | 'csv' | 'image' | 'video' | 'audio' | 'pdf'

interface Kind {
  readonly kind: PreviewKind
  /** The one type under which its bytes are given to the browser: none of these can run anything. */
  readonly type: string
}

const of = (kind: PreviewKind, types: Readonly<Record<string, string>>): [string, Kind][] =>
  Object.entries(types).map(([ending, type]) => [ending, { kind, type }])
const texts = (kind: PreviewKind, endings: string): [string, Kind][] =>
  endings.split(' ').map((ending) => [ending, { kind, type: 'text/plain' }])

/** By the ending of the key: the Content-Type is whatever a stranger said, and shows only where the ending says nothing. */
const KINDS: ReadonlyMap<string, Kind> = new Map([
  ...of('image', {
    png: 'image/png',
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    gif: 'image/gif',
    webp: 'image/webp',
    avif: 'image/avif',
    bmp: 'image/bmp',
    ico: 'image/x-icon',
    // Only ever in an image element, where it cannot run scripts or fetch anything.
    svg: 'image/svg+xml',
  }),
  ...of('video', {
    mp4: 'video/mp4',
    m4v: 'video/mp4',
    webm: 'video/webm',
    mov: 'video/quicktime',
    ogv: 'video/ogg',
  }),
  ...of('audio', {
    mp3: 'audio/mpeg',
    m4a: 'audio/mp4',
    aac: 'audio/aac',
    wav: 'audio/wav',
    flac: 'audio/flac',
    ogg: 'audio/ogg',
    opus: 'audio/ogg',
  }),
  ...of('pdf', { pdf: 'application/pdf' }),
  ...texts('json', 'json geojson webmanifest'),
  ...texts('csv', 'csv tsv'),
  ...texts(
    'text',
    'txt md markdown log xml html htm css js mjs cjs jsx ts tsx yaml yml toml ini conf cfg env sh bash zsh ps1 py rb go rs java kt c h cpp hpp cs php sql tf jsonl ndjson properties diff patch srt vtt rst tex lock',
  ),
])

/** By the beginning of the Content-Type, for keys without an ending that is known. */
const KINDS_OF_TYPES: readonly (readonly [string, PreviewKind])[] = [
  ['application/json', 'json'],
  ['text/csv', 'csv'],
  ['text/', 'text'],
  ['application/xml', 'text'],
  ['application/yaml', 'text'],
]

const endingOf = (key: string): string => key.slice(key.lastIndexOf('.') + 1).toLowerCase()

/** How an object is shown, and under which type; null: it is not. */
export function previewOf(key: string, contentType?: string): Kind | null {
  const known = KINDS.get(endingOf(key))
  if (known) return known
  const type = contentType?.toLowerCase() ?? ''
  for (const [start, kind] of KINDS_OF_TYPES) if (type.startsWith(start)) return { kind, type: 'text/plain' }
  for (const kind of KINDS.values())
    if (kind.type !== 'text/plain' && kind.type === type.split(';')[0]?.trim()) return kind
  return null
}

const ICONS: Readonly<Record<PreviewKind, LucideIcon>> = {
  text: FileText,
  json: FileCode,
  csv: Sheet,
  image: Image,
  video: FilePlay,
  audio: FileMusic,
  pdf: FileText,
}
const ARCHIVES = /\.(?:zip|t?gz|tar|bz2|xz|7z|rar|zst)$/i

/** The icon of a line. */
export function iconOf(row: Pick<ObjectRow, 'kind' | 'key'>): LucideIcon {
  if (row.kind === 'folder') return Folder
  if (ARCHIVES.test(row.key)) return FileArchive
  const kind = KINDS.get(endingOf(row.key))?.kind
  return kind ? ICONS[kind] : File
}
