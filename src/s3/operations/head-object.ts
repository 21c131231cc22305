import { headObject as model } from '../../model/s3/head-object.ts'
import { byVersion, handler } from '../operation-handler.ts'
import { readObject } from '../read-object.ts'

/** Tells all that GetObject tells, without the bytes. Throws as `readObject`. */
export const headObjectHandler = handler(
  model,
  byVersion('s3:GetObject', 's3:GetObjectVersion'),
  async (input, call) => (await readObject(input, call)).output,
  { permitsObject: true },
)
