import { percentEncodePath } from '../base/percent-encoding.ts'

/**
 * How a service canonicalises the path. `single`: S3; the path as sent, each byte encoded once, empty and dot segments kept.
 * `double`: every other service; dot segments resolved, repeated slashes merged, and the encoded path encoded once more.
 */
export type PathRule = 'single' | 'double'

/** The form in which a path is signed. `path` has its canonical encoding already. */
export function canonicalPath(path: string, rule: PathRule): string {
  if (path === '' || path === '/') return '/'
  return rule === 'single' ? path : percentEncodePath(resolveSegments(path))
}

function resolveSegments(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  const isFolder = path.endsWith('/') || path.endsWith('/.') || path.endsWith('/..')
  return kept.length === 0 ? '/' : `/${kept.join('/')}${isFolder ? '/' : ''}`
}
