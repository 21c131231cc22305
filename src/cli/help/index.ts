import type { Operation } from '../../model/operation.ts'
import { operationHelp } from './operation-help.ts'
import { page } from './pager.ts'
import { productHelp, serviceHelp } from './product-help.ts'

/** What help is asked about. */
export interface HelpSubject {
  readonly operation?: Operation | undefined
  /** Of all operations together, rather than of the whole product. */
  readonly isService: boolean
}

/** Shows help, through a pager on a terminal that it does not fit; gives the exit code. */
export async function showHelp({ operation, isService }: HelpSubject): Promise<number> {
  if (operation !== undefined) page(operationHelp(operation))
  else page(isService ? serviceHelp() : productHelp())
  return 0
}
