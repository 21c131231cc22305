import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skip, startConsole } from './console-world.ts'

describe('a page whose server has other parts by now', { skip }, () => {
  const world = startConsole()

  it('says so where a part is wanted, and is loaded anew by a button', async () => {
    const page = await world().page()
    await page.goto(world().url('buckets'))
    await page.waitForLoadState('networkidle')
    await page.route('**/-/console/assets/**', (route) =>
      route.fulfill({ status: 404, body: 'no such file' }),
    )
    await world().signInHere(page)
    await page.getByRole('link', { name: 'Roles' }).click()
    await page.getByText('A part of the console could not be loaded.').waitFor()
    await world().look(page, 'newer-server')
    await page.unroute('**/-/console/assets/**')
    await page.getByRole('button', { name: 'Load the page again' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    for (const complaint of world().takeComplaints()) assert.match(complaint, /dynamically imported module/)
  })
})
