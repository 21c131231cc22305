import { headObject } from '../../api/s3/head-object.ts'
import type { ObjectAddress } from '../../api/s3/objects.ts'
import type { Sender } from '../../api/send.ts'
import { attachmentNamed, objectLink } from '../../data/links.ts'
import { baseName } from '../../parts/shown-name.ts'

/** Enough for a download to begin; it may go on longer. */
const LINK_SECONDS = 300

/**
 * Has the browser download an object by a link that is signed here and counts for five minutes: the browser writes it to the disk as it comes, whatever its size.
 * Throws ApiError when the object is not there or may not be read.
 */
export async function downloadObject(sender: Sender, address: ObjectAddress): Promise<void> {
  // A browser would save a refusal as the file.
  await headObject(sender, address)
  const name = baseName(address.key).replace(/\/$/, '')
  const link = document.createElement('a')
  link.href = await objectLink(await sender.signer(), address, {
    expiresSeconds: LINK_SECONDS,
    overrides: { 'response-content-disposition': attachmentNamed(name) },
  })
  link.download = name
  link.click()
}
