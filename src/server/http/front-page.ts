import type { IncomingMessage, ServerResponse } from 'node:http'
import { isBucketHost } from './reserved-paths.ts'

/** Whether somebody opened the server's own address in a browser: an S3 client signs its request, and does not ask for a page. */
export function isFrontPage(request: IncomingMessage, domain: string | null): boolean {
  const { method, url, headers } = request
  if (url !== '/' || (method !== 'GET' && method !== 'HEAD') || headers.authorization !== undefined)
    return false
  return headers.accept?.includes('text/html') === true && !isBucketHost(request, domain)
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Lugsail</title>
<style>body{font:16px/1.5 sans-serif;max-width:40em;margin:4em auto;padding:0 1em}code{background:#8882;padding:.1em .3em}</style>
<h1>Lugsail</h1>
<p>This is an object storage server. It speaks S3, and the bucket operations of Amazon Lightsail's API, on this address. Clients sign each
request with an access key, which a browser does not: so there is nothing more to see here.</p>
<p>On the machine of the server, <code>lugsail use</code> makes a profile for lugsail, aws, boto3 and every SDK, and <code>lugsail help</code>
shows all commands. Elsewhere a client needs this address, path-style addressing, a region and an access key.</p>
<p>The documentation lies beside the program: <code>README.md</code> and the folder <code>docs</code>.</p>
</html>
`

/** Says what this is. The page tells nothing of what is stored, loads nothing and runs nothing. */
export function answerFrontPage(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(PAGE),
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
  response.end(request.method === 'HEAD' ? undefined : PAGE)
}
