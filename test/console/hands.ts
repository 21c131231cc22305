import assert from 'node:assert/strict'
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

/** What the page knows of an element; there is no DOM in the types of tests. */
interface PageElement {
  readonly contains: (other: unknown) => boolean
  readonly ownerDocument: { readonly activeElement: unknown }
}

/** More steps has no page that one can tab through. */
const STEPS_MAX = 90

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

/** The keyboard alone: whatever is not reached by it fails the story. */
export function keyboard(page: Page): Hand {
  const keys = page.keyboard
  const hasFocus = (target: Locator): Promise<boolean> =>
    target.evaluate((element: PageElement) => element.contains(element.ownerDocument.activeElement))
  /** Presses a key until that is so. */
  const pressUntil = async (key: string, isSo: () => Promise<boolean>, what: string): Promise<void> => {
    for (let steps = 0; steps < STEPS_MAX; steps++) {
      if (await isSo()) return
      await keys.press(key)
      // A list draws the row to which one goes before that takes the focus.
      await page.evaluate(
        'new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))))',
      )
    }
    assert.fail(`the keyboard does not reach ${what}`)
  }
  const tabTo = async (target: Locator): Promise<void> => {
    await target.waitFor()
    await pressUntil('Tab', () => hasFocus(target), String(target))
  }
  const goToRow = async (name: string): Promise<void> => {
    const row = page.getByRole('row', { name })
    await row.waitFor()
    await tabTo(page.getByRole('rowgroup').filter({ has: row }))
    await keys.press('Home')
    await pressUntil('ArrowDown', () => hasFocus(row), name)
  }
  return {
    press: async (target) => {
      await tabTo(target)
      await keys.press('Enter')
    },
    turn: async (name) => {
      await tabTo(page.getByRole('switch', { name }))
      await keys.press('Space')
    },
    fill: async (target, text) => {
      const [year = '', month = '', day = ''] = text.split('-')
      const isDay = (await target.getAttribute('type')) === 'date'
      await tabTo(target)
      if (!isDay) await keys.press('Control+a')
      await keys.type(isDay ? month + day + year : text)
    },
    choose: async (target, option) => {
      await tabTo(target)
      // A list goes to what begins like that. What no key has would be put elsewhere.
      await keys.type(option.replace(/[^ -~]/g, ''))
    },
    pick: async (group, name) => {
      const card = group.locator('label').filter({ has: page.getByText(name, { exact: true }) })
      await tabTo(group)
      await pressUntil('ArrowRight', () => card.getByRole('radio').isChecked(), name)
    },
    open: async (row) => {
      await goToRow(row)
      await keys.press('Enter')
    },
    act: async (row, _name, entry) => {
      await goToRow(row)
      await keys.press('.')
      const item = page.getByRole('menuitem', { name: entry })
      await item.waitFor()
      await pressUntil('ArrowDown', () => hasFocus(item), entry)
      await keys.press('Enter')
    },
  }
}
