import type { Operation } from '../../model/operation.ts'

export async function showHelp(_subject: {
  readonly operation?: Operation | undefined
  readonly isService: boolean
}): Promise<number> {
  process.stdout.write('help\n')
  return 0
}
