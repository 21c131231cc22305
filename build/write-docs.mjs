// Writes the pages that are generated from the code. `npm run docs`; tests fail when a page is not current.
import { writeFileSync } from 'node:fs'
import { permissionsPage } from '../src/s3/operations/permissions-page.ts'
import { configurationPage } from '../src/server/configuration/documentation.ts'
import { clientsPage } from '../test/clients/clients-page.ts'

writeFileSync('docs/configuration.md', configurationPage())
writeFileSync('docs/permissions.md', permissionsPage())
writeFileSync('docs/clients.md', clientsPage())
