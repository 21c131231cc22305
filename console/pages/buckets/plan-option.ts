import { storageOf, transferOf, type Bundle } from '../../data/bundles.ts'
import { formatBytes } from '../../parts/formats.ts'
import { texts } from '../../texts/texts.ts'

/** A plan as it stands in a list. */
export function planOption(bundle: Bundle): { readonly value: string; readonly label: string } {
  const { bundleId = '', name = bundleId } = bundle
  const line = texts.createBucket.planLine(
    formatBytes(storageOf(bundle) ?? 0),
    formatBytes(transferOf(bundle) ?? 0),
  )
  return { value: bundleId, label: `${line} · ${name}` }
}
