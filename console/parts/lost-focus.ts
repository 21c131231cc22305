/** What has the focus only until something takes it that it is better for. */
let keeper: HTMLElement | null = null

/** Whether nothing has the focus, or only what keeps it: what had it is gone, or cannot be used any more. */
export const isFocusLost = (): boolean =>
  document.activeElement === document.body || (keeper !== null && document.activeElement === keeper)

/** Gives the focus to an element, without scrolling, where it was lost: the keyboard goes on from there. */
export function catchFocus(element: HTMLElement | null): void {
  if (isFocusLost()) giveFocus(element)
}

/** Gives the focus to an element, without scrolling, whatever has it. */
export function giveFocus(element: HTMLElement | null): void {
  keeper = null
  element?.focus({ preventScroll: true })
}

/** As {@link catchFocus}, until something better comes: a list whose lines are still on their way. */
export function keepFocus(element: HTMLElement | null): void {
  if (element === null || !isFocusLost()) return
  giveFocus(element)
  keeper = element
  element.addEventListener('blur', () => (keeper = null), { once: true })
}
