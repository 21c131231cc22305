/**
 * Whether a pattern of resources can stand for a bucket, or for any object that it may ever have. The part in front of its first `*` decides: what comes behind
 * fits some key.
 */
export function reachesBucket(pattern: string, bucketName: string): boolean {
  const star = pattern.indexOf('*')
  const head = star < 0 ? pattern : pattern.slice(0, star)
  const inside = `${bucketName}/`
  const length = Math.min(head.length, inside.length)
  for (let at = 0; at < length; at++) if (head[at] !== '?' && head[at] !== inside[at]) return false
  // Without a star it ends here: as the bucket's name, or behind its slash.
  return star >= 0 || head.length >= bucketName.length
}

/** Whether a pattern stands for a bucket and everything in it. */
export function coversBucket(pattern: string, bucketName: string): boolean {
  return pattern.indexOf('*') === pattern.length - 1 && bucketName.startsWith(pattern.slice(0, -1))
}
