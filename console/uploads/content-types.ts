/** Types of files that browsers do not name themselves; they do name those that have a preview. */
const TYPES: Readonly<Partial<Record<string, string>>> = {
  md: 'text/markdown',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  toml: 'application/toml',
  log: 'text/plain',
  parquet: 'application/vnd.apache.parquet',
  ts: 'text/plain',
  go: 'text/plain',
  rs: 'text/plain',
  py: 'text/x-python',
  sh: 'text/x-sh',
  sql: 'application/sql',
  avif: 'image/avif',
  webmanifest: 'application/manifest+json',
  wasm: 'application/wasm',
}

/** The Content-Type of a file: what the browser says, else by its ending. */
export function contentTypeOf({ name, type }: Pick<File, 'name' | 'type'>): string {
  if (type !== '') return type
  return TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream'
}
