import { headObject as model } from '../../model/s3/head-object.ts'
import { handler } from '../operation-handler.ts'
import { readObject } from '../read-object.ts'

/** Tells all that GetObject tells, without the bytes. Throws as `readObject`. */
export const headObjectHandler = handler(
  model,
  async (input, call) => (await readObject(input, call)).output,
  { permitsObject: true },
)
