import { getObject as model } from '../../model/s3/get-object.ts'
import { handler } from '../operation-handler.ts'
import { readObject } from '../read-object.ts'

/** Sends an object or a range of it; the stream in the output belongs to whoever sends the answer. Throws as `readObject`. */
export const getObjectHandler = handler(
  model,
  async (input, call) => {
    const { output, opened, range } = await readObject(input, call)
    if (opened === null) return output
    return Object.assign(output, { Body: await opened.read(range ?? undefined) })
  },
  { permitsObject: true },
)
