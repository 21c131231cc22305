/**
 * Has `onSignal` called for each signal of this name, in the place of whoever listened before. The new listener comes first: between the last one's
 * leaving and the next one's coming Node closes its handle, and a signal that was under way would be lost.
 */
export function takeSignal(name: NodeJS.Signals, onSignal: () => void): void {
  const before = process.listeners(name)
  process.on(name, onSignal)
  for (const listener of before) process.removeListener(name, listener)
}
