import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { callOperation } from '../../api/json-api.ts'
import { readPages } from '../../api/read-pages.ts'
import { CopyField } from '../../parts/copying.tsx'
import { Menu } from '../../parts/menu.tsx'
import { ErrorNote, Skeleton } from '../../parts/notes.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/values.tsx'
import { CreateButton, PageHead } from '../../parts/page-head.tsx'
import { useOperation, useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import type { Account } from './account.ts'
import { CreateAccount } from './create-account.tsx'
import { DeleteAccount } from './delete-account.tsx'
import { NewRootKey, type RootKey } from './new-root-key.tsx'

const words = texts.accounts
const REGION = 'us-east-1'
/** Pages that are read at most. */
const PAGES_MAX = 100

/** The accounts of the server, for the first one. */
export function Accounts(): ReactNode {
  const { session } = useSession()
  const queries = useQueryClient()
  const operation = useOperation()
  const [isCreating, setIsCreating] = useState(false)
  const [deleting, setDeleting] = useState<Account | null>(null)
  const [made, setMade] = useState<RootKey | null>(null)
  const accounts = useQuery({
    queryKey: ['accounts'],
    queryFn: async ({ signal }) => {
      const options = { region: REGION, signal }
      const { items } = await readPages<Account>(PAGES_MAX, async (pageToken) => {
        const answer = await callOperation(session, 'GetAccounts', { pageToken }, options)
        return { items: answer.accounts, nextPageToken: answer.nextPageToken }
      })
      return items
    },
  })
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['accounts'] })
  const rotate = useMutation({
    mutationFn: (accountName: string) => operation('RotateAccountKey', { accountName }, { region: REGION }),
    onSuccess: async ({ account, rootKey }) => {
      setMade({ accountName: account?.accountName ?? '', ...rootKey })
      await refresh()
    },
  })
  const columns: readonly Column<Account>[] = [
    {
      id: 'name',
      header: words.name,
      width: 'minmax(120px, 2fr)',
      cell: ({ accountName }) => <span>{accountName}</span>,
    },
    {
      id: 'id',
      header: words.id,
      width: 'minmax(150px, 1fr)',
      cell: ({ accountId = '' }) => <CopyField text={accountId} label={words.id} />,
    },
    {
      id: 'key',
      header: words.rootKey,
      width: 'minmax(230px, 1fr)',
      isWideOnly: true,
      cell: ({ accessKeyId = '' }) => <CopyField text={accessKeyId} label={words.rootKey} />,
    },
    {
      id: 'made',
      header: words.made,
      width: '130px',
      isWideOnly: true,
      cell: ({ createdAt }) => <Time value={createdAt} />,
    },
    {
      id: 'actions',
      header: texts.more,
      width: '52px',
      kind: 'actions',
      cell: (account) => (
        <Menu
          label={texts.buckets.actions(account.accountName ?? '')}
          entries={[
            { id: 'rotate', label: words.rotate, onAction: () => rotate.mutate(account.accountName ?? '') },
            { id: 'delete', label: words.remove, isDanger: true, onAction: () => setDeleting(account) },
          ]}
        />
      ),
    },
  ]
  return (
    <>
      <PageHead title={words.title}>
        <CreateButton onPress={() => setIsCreating(true)}>{words.create}</CreateButton>
      </PageHead>
      <div className="stack">
        <p className="muted">{words.says}</p>
        {rotate.isError && <ErrorNote what={words.notRotated} error={rotate.error} />}
        {accounts.isError && <ErrorNote error={accounts.error} onRetry={() => void accounts.refetch()} />}
        {accounts.isPending && <Skeleton width={60} lines={4} />}
        {accounts.data && (
          <Table
            label={words.title}
            columns={columns}
            rows={accounts.data}
            rowKey={({ accountId = '' }) => accountId}
            rowLabel={({ accountName = '' }) => accountName}
          />
        )}
      </div>
      <CreateAccount
        isOpen={isCreating}
        onClose={() => setIsCreating(false)}
        onMade={(key) => {
          setIsCreating(false)
          setMade(key)
          void refresh()
        }}
      />
      {deleting && (
        <DeleteAccount
          account={deleting}
          onClose={() => setDeleting(null)}
          onDeleted={() => void refresh()}
        />
      )}
      {made && <NewRootKey made={made} onClose={() => setMade(null)} />}
    </>
  )
}
