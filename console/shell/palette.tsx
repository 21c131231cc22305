import { useId, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { callOperation } from '../api/json-api.ts'
import { useSeenBuckets } from '../data/buckets.ts'
import { accountPlace, bucketPlace, type BucketPage } from '../routing/places.ts'
import { navigate, usePlace } from '../routing/router.tsx'
import { useMay, useSession } from '../session/session-context.tsx'
import { texts } from '../texts/texts.ts'
import { offeredAccountPages, offeredBucketPages } from './offered-pages.ts'

interface Target {
  readonly label: string
  readonly kind: 'page' | 'bucket' | 'key'
  readonly to: string
}

const words = texts.top
const SHOWN_MAX = 50
const KEYS_REGION = 'us-east-1'

/** Finds pages, buckets and keys by what their names have in them, and goes there. */
export function Palette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const id = useId()
  const targets = useTargets(text.trim().toLowerCase())
  const at = Math.min(chosen, targets.length - 1)
  const go = (target: Target | undefined): void => {
    if (!target) return
    onClose()
    navigate(target.to)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setChosen(Math.min(targets.length - 1, at + 1))
    else if (event.key === 'ArrowUp') setChosen(Math.max(0, at - 1))
    else if (event.key === 'Enter') go(targets[at])
    else return
    event.preventDefault()
  }
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={onClose} className="veil veil-center">
      <Modal className="palette">
        <Dialog aria-label={words.searchLabel}>
          <input
            className="palette-input"
            // The palette is there to be typed into.
            autoFocus
            role="combobox"
            aria-expanded={targets.length > 0}
            aria-controls={`${id}-list`}
            aria-activedescendant={targets.length > 0 ? `${id}-${at}` : undefined}
            aria-label={words.searchLabel}
            placeholder={words.search}
            value={text}
            spellCheck={false}
            onChange={({ target }) => {
              setText(target.value)
              setChosen(0)
            }}
            onKeyDown={onKeyDown}
          />
          <div className="palette-list" role="listbox" id={`${id}-list`} aria-label={words.searchLabel}>
            {targets.map((target, place) => (
              <div
                key={target.to}
                id={`${id}-${place}`}
                className="menu-item"
                role="option"
                aria-selected={place === at}
                tabIndex={-1}
                ref={(element) => {
                  if (place === at) element?.scrollIntoView({ block: 'nearest' })
                }}
                onPointerMove={() => setChosen(place)}
                onClick={() => go(target)}
                onKeyDown={onKeyDown}
              >
                {target.label}
                <span className="palette-kind">{words.paletteKinds[target.kind]}</span>
              </div>
            ))}
          </div>
          {targets.length === 0 && <p className="dialog-body muted">{words.nothingFound}</p>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function useTargets(text: string): readonly Target[] {
  const may = useMay()
  const { place } = usePlace()
  const { session } = useSession()
  const seen = useSeenBuckets()
  const hasKeys = may('manage-account')
  const keys = useQuery({
    queryKey: ['palette-keys', text],
    enabled: hasKeys && text !== '',
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await callOperation(session, 'GetAccessKeys', { namePrefix: text }, { region: KEYS_REGION, signal }))
        .accessKeys ?? [],
  })
  return useMemo(() => {
    const bucketPages = offeredBucketPages(may)
    const pagesOf = (bucket: string): Target[] =>
      bucketPages.map((page: BucketPage) => ({
        label: `${bucket} · ${texts.navigation.bucketPages[page]}`,
        kind: 'page',
        to: bucketPlace(bucket, page),
      }))
    const [first = 'overview'] = bucketPages
    const all: Target[] = [
      ...(place.page === 'bucket' ? pagesOf(place.bucket) : []),
      ...offeredAccountPages(may).map((page): Target => ({
        label: texts.navigation[page],
        kind: 'page',
        to: accountPlace(page),
      })),
      ...(seen.data ?? []).map(({ name }): Target => ({
        label: name,
        kind: 'bucket',
        to: bucketPlace(name, first),
      })),
      ...(text === '' ? [] : (keys.data ?? [])).map(({ name = '' }): Target => ({
        label: name,
        kind: 'key',
        to: accountPlace('keys', name),
      })),
    ]
    const found = new Map<string, Target>()
    for (const target of all)
      if (target.label.toLowerCase().includes(text) && !found.has(target.to)) found.set(target.to, target)
    return [...found.values()].slice(0, SHOWN_MAX)
  }, [text, seen.data, keys.data, place, may])
}
