import { useState, type ReactNode } from 'react'
import { Button } from '../parts/button.tsx'
import { Checkbox } from '../parts/fields.tsx'
import { Note } from '../parts/notes.tsx'
import { texts } from '../texts/texts.ts'
import { shownName } from '../parts/shown-name.ts'
import type { ConflictChoice, UploadItem } from './upload-item.ts'

const words = texts.uploads

/** Asks what becomes of a file whose name is taken, once for all that were given together. */
export function ConflictQuestion({
  item,
  others,
  onAnswer,
}: {
  readonly item: UploadItem
  /** Files of the same batch that are not done. */
  readonly others: number
  readonly onAnswer: (choice: ConflictChoice, forAll: boolean) => void
}): ReactNode {
  const [forAll, setForAll] = useState(others > 0)
  const answer = (choice: ConflictChoice) => () => onAnswer(choice, forAll)
  return (
    <div className="uploads-question" role="alert">
      <Note kind="warning">
        <p>{words.taken(shownName(item.key))}</p>
        <div className="row">
          <Button onPress={answer('keep')}>{words.keep}</Button>
          <Button onPress={answer('both')}>{words.both}</Button>
          <Button weight="danger" onPress={answer('replace')}>
            {words.replace}
          </Button>
        </div>
        {others > 0 && (
          <Checkbox isSelected={forAll} onChange={setForAll}>
            {words.forAll(others)}
          </Checkbox>
        )}
      </Note>
    </div>
  )
}
