import type { IncomingMessage, ServerResponse } from 'node:http'
import { CONSOLE_PATH } from '../console/answer-console.ts'
import { isBucketHost } from './reserved-paths.ts'

/** Whether somebody opened the server's own address in a browser: an S3 client signs its request, and does not ask for a page. */
export function isFrontPage(request: IncomingMessage, domain: string | null): boolean {
  const { method, url, headers } = request
  if (url !== '/' || (method !== 'GET' && method !== 'HEAD') || headers.authorization !== undefined)
    return false
  return headers.accept?.includes('text/html') === true && !isBucketHost(request, domain)
}

/** What a person is offered: the way to the console, or that there is no page but this. */
const CONSOLE = `<p><a href="${CONSOLE_PATH}">Open the console</a> to manage buckets, keys and files in the browser.</p>
<p>Programs reach the server`
const NO_CONSOLE =
  '<p>A browser finds nothing more here: the console is switched off. Programs reach the server'

const page = (hasConsole: boolean): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Lugsail</title>
<style>body{font:16px/1.5 sans-serif;max-width:40em;margin:4em auto;padding:0 1em}code{background:#8882;padding:.1em .3em}</style>
<h1>Lugsail</h1>
<p>This is an object storage server. It speaks S3, and the bucket operations of Amazon Lightsail's API.</p>
${hasConsole ? CONSOLE : NO_CONSOLE} at this address, path-style, with a region and an access key. On the machine of the server,
<code>lugsail use</code> makes a profile for lugsail, aws, boto3 and every SDK, and <code>lugsail help</code> shows all commands.</p>
<p>The documentation lies beside the program: <code>README.md</code> and the folder <code>docs</code>.</p>
</html>
`

/** Says what this is, and where the console is. The page tells nothing of what is stored, loads nothing and runs nothing. */
export function answerFrontPage(
  request: IncomingMessage,
  response: ServerResponse,
  { hasConsole }: { readonly hasConsole: boolean },
): void {
  const text = page(hasConsole)
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
  response.end(request.method === 'HEAD' ? undefined : text)
}
