import type { Locator, Page } from 'playwright-core'

/** How a person acts on a page, so that a story is written once and walked with each. */
export interface Hand {
  /** Presses a button or a link. */
  readonly press: (target: Locator) => Promise<void>
  /** Turns a switch, which is told by its name. */
  readonly turn: (name: string) => Promise<void>
  /** Writes into a field, in place of what is there; a day as `2031-12-12`. */
  readonly fill: (target: Locator, text: string) => Promise<void>
  /** Chooses an option of a list that opens. */
  readonly choose: (target: Locator, option: string) => Promise<void>
  /** Chooses one of a group of cards. */
  readonly pick: (group: Locator, name: string) => Promise<void>
  /** Opens what a row of a table is about: a folder, an object, a key. */
  readonly open: (row: string, link: string) => Promise<void>
  /** Does with a row what its menu offers. */
  readonly act: (row: string, name: string, entry: string) => Promise<void>
}

/** The mouse, or a finger: `tap`. */
export const pointer = (page: Page, how: 'click' | 'tap'): Hand => ({
  press: (target) => target[how](),
  turn: (name) => page.getByText(name, { exact: true })[how](),
  fill: async (target, text) => {
    await target[how]()
    await target.fill(text)
  },
  // The list that opens is the system's own, out of reach of a test.
  choose: async (target, option) => {
    await target.selectOption({ label: option })
  },
  pick: (group, name) => group.getByText(name, { exact: true })[how](),
  open: (row, link) => page.getByRole('row', { name: row }).getByRole('link', { name: link })[how](),
  act: async (row, name, entry) => {
    const menu = page.getByRole('row', { name: row }).getByRole('button', { name: `Actions for ${name}` })
    await menu[how]()
    await page.getByRole('menuitem', { name: entry })[how]()
  },
})
