import { isDescribed, operationHelp } from './operation-help.ts'
import { page } from './pager.ts'
import { productHelp, serviceHelp } from './product-help.ts'

/** What help is asked about. */
export interface HelpSubject {
  /** The API's name of an operation: this module has a model of its own, with all its texts. */
  readonly operationName?: string | undefined
  /** Of all operations together, rather than of the whole product. */
  readonly isService: boolean
}

/** Shows help, through a pager on a terminal that it does not fit; gives the exit code. */
export async function showHelp({ operationName, isService }: HelpSubject): Promise<number> {
  if (operationName !== undefined && isDescribed(operationName)) page(operationHelp(operationName))
  else page(isService ? serviceHelp() : productHelp())
  return 0
}
