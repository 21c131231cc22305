// Writes the pages that are generated from the code. `npm run docs`; tests fail when a page is not current.
import { writeFileSync } from 'node:fs'
import { configurationPage } from '../src/server/configuration/documentation.ts'
import { clientsPage } from '../test/clients/clients-page.ts'
import { lightsailOperationsPage } from '../test/documents/lightsail-operations-page.ts'
import { permissionsPage } from '../test/documents/permissions-page.ts'
import { s3OperationsPage } from '../test/documents/s3-operations-page.ts'

writeFileSync('docs/configuration.md', configurationPage())
writeFileSync('docs/permissions.md', permissionsPage())
writeFileSync('docs/clients.md', clientsPage())
writeFileSync('docs/s3-operations.md', s3OperationsPage())
writeFileSync('docs/lightsail-operations.md', lightsailOperationsPage())
