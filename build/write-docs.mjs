// Writes the pages that are generated from the code. `npm run docs`; tests fail when a page is not current.
import { writeFileSync } from 'node:fs'
import { configurationPage } from '../src/server/configuration/documentation.ts'

writeFileSync('docs/configuration.md', configurationPage())
