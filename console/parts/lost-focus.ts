/** Whether nothing has the focus: what had it is gone, or cannot be used any more. */
export const isFocusLost = (): boolean => document.activeElement === document.body

/** Gives the focus to an element, without scrolling, where it was lost: the keyboard goes on from there. */
export function catchFocus(element: HTMLElement | null): void {
  if (isFocusLost()) element?.focus({ preventScroll: true })
}
