// Kysely's PostgreSQL, with texts that compare by their bytes, as they do in SQLite, whatever language the database speaks.
import { ColumnDefinitionNode, PostgresDialect, PostgresQueryCompiler, type DataTypeNode, type QueryCompiler } from 'kysely'

export class ByteOrderedDialect extends PostgresDialect {
  override createQueryCompiler(): QueryCompiler {
    return new ByteOrderedCompiler()
  }
}

class ByteOrderedCompiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node)
    if (node.dataType === 'text' && this.parentNode !== undefined && ColumnDefinitionNode.is(this.parentNode)) this.append(' collate "C"')
  }
}
