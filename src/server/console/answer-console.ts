import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ConsoleFiles, Encoding } from './console-files.ts'
import { CONSOLE_HEADERS } from './console-headers.ts'

/** Where the console is, on the server's own host. */
export const CONSOLE_PATH = '/-/console/'
const ASSETS = 'assets/'

/** Whether a path is the console's. */
export const isConsolePath = (path: string): boolean =>
  path.startsWith(CONSOLE_PATH) || path === CONSOLE_PATH.slice(0, -1)

/** A year: an asset's name changes with its bytes. */
const CACHE_ASSETS = 'public, max-age=31536000, immutable'
/** The page names the assets of one build. */
const CACHE_PAGE = 'no-cache'

/**
 * Answers a GET or HEAD of the console: a file, or for every other path the page, which knows by its address what to show. Rejects when a file of the build cannot
 * be read.
 */
export async function answerConsole(
  request: IncomingMessage,
  response: ServerResponse,
  { path, files }: { readonly path: string; readonly files: ConsoleFiles },
): Promise<void> {
  if (!path.startsWith(CONSOLE_PATH)) {
    response.writeHead(308, { ...CONSOLE_HEADERS, location: CONSOLE_PATH, 'content-length': 0 })
    response.end()
    return
  }
  const name = path.slice(CONSOLE_PATH.length)
  const isAsset = name.startsWith(ASSETS)
  const file = files.get(name) ?? (isAsset ? undefined : files.get('index.html'))
  if (!file) {
    const text = 'no such file\n'
    response.writeHead(404, {
      ...CONSOLE_HEADERS,
      'content-type': 'text/plain; charset=utf-8',
      'content-length': text.length,
    })
    response.end(request.method === 'HEAD' ? undefined : text)
    return
  }
  const encoding = chooseEncoding(request.headers['accept-encoding'], file.encodings)
  const bytes = await files.read(file, encoding)
  response.writeHead(200, {
    ...CONSOLE_HEADERS,
    'content-type': file.type,
    'content-length': bytes.length,
    'cache-control': isAsset ? CACHE_ASSETS : CACHE_PAGE,
    vary: 'accept-encoding',
    ...(encoding !== null && { 'content-encoding': encoding }),
  })
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

/** The smallest form that the client takes; null: as it is. */
function chooseEncoding(
  accepted: string | string[] | undefined,
  encodings: Readonly<Partial<Record<Encoding, number>>>,
): Encoding | null {
  const taken = new Set(
    String(accepted ?? '')
      .toLowerCase()
      .split(',')
      .filter((each) => !/;\s*q=0(?:\.0*)?\s*$/.test(each))
      .map((each) => each.split(';', 1)[0]?.trim()),
  )
  for (const encoding of ['br', 'gzip'] as const)
    if (encodings[encoding] !== undefined && taken.has(encoding)) return encoding
  return null
}
