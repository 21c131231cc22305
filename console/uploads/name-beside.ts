/** A key for a second object beside one of the same name: `trip/coast.jpg` gives `trip/coast (2).jpg`, that `trip/coast (3).jpg`. */
export function nameBeside(key: string): string {
  const slash = key.lastIndexOf('/')
  const name = key.slice(slash + 1)
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  const numbered = /^(.*) \((\d{1,6})\)$/su.exec(stem)
  const next = numbered ? `${numbered[1]} (${Number(numbered[2]) + 1})` : `${stem} (2)`
  return `${key.slice(0, slash + 1)}${next}${ending}`
}
