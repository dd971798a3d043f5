// The sentences of the dialect.
//
// Three rules keep parsing linear and shallow:
// (1) a list or a chain is a loop or a left-recursive rule, never a right-recursive one;
// (2) the next one to three tokens decide, so that prediction never walks a whole statement;
// (3) the rules recurse only behind "(", CASE, NOT and a sign, which are counted before the parser starts (NestingLimit.cs).
//
// A rule named refused… matches the first word of something that SQL has and this dialect has not. Entering one ends the parse
// with error 0A000 (RefusingParser.cs): what would follow the word is therefore not described.
parser grammar LsmSqlParser;

options {
    tokenVocab = LsmSqlLexer;
    superClass = RefusingParser;
}

script
    : statement? (SEMICOLON statement?)* EOF
    ;

statement
    : explain
    | dataStatement
    | createTable
    | dropTable
    | truncateTable
    | begin
    | commit
    | rollback
    | savepoint
    | release
    | show
    | flush
    | compact
    | checkpoint
    | verify
    | refusedStatement
    ;

explain
    : EXPLAIN ANALYZE? dataStatement
    ;

dataStatement
    : query
    | insert
    | update
    | delete
    ;

// ---- SELECT ----

query
    : selectCore (UNION ALL? selectCore)* orderBy? limits? refusedAfterQuery?
    ;

selectCore
    : SELECT (ALL | refusedMode)? selectList from? where? refusedAfterWhere?
    ;

selectList
    : selectItem (COMMA selectItem)*
    ;

selectItem
    : (identifier DOT)? STAR                    # allColumns
    | expression (AS label | bareLabel)?        # oneColumn
    ;

from
    : FROM (tableReference | refusedDerivedTable) refusedAfterTable?
    ;

where
    : WHERE expression
    ;

orderBy
    : ORDER BY orderItem (COMMA orderItem)*
    ;

orderItem
    : expression (ASC | DESC)? refusedAfterOrderItem?
    ;

limits
    : limit offset?
    | offset limit?
    ;

limit
    : LIMIT (ALL | expression refusedAfterLimit?)
    ;

offset
    : OFFSET expression
    ;

// ---- INSERT, UPDATE, DELETE ----

insert
    : INSERT INTO target values conflict? returning?                                    # strictInsert
    | (INSERT OR REPLACE | REPLACE | UPSERT) INTO target values returning?              # blindInsert
    | INSERT OR refusedAfterOr                                                          # otherInsert
    ;

target
    : tableName (AS identifier)? (OPEN (columnNames | refusedSubquery) CLOSE)?
    ;

values
    : VALUES row (COMMA row)*
    | refusedSource
    ;

row
    : OPEN list CLOSE
    ;

conflict
    : ON CONFLICT (OPEN columnNames CLOSE | refusedConflictTarget)? DO (NOTHING | UPDATE SET assignments refusedConflictWhere?)
    | ON refusedConflict
    ;

update
    : UPDATE tableReference SET assignments refusedUpdateFrom? where? returning? refusedAfterChange?
    ;

delete
    : DELETE FROM tableReference refusedDeleteUsing? where? returning? refusedAfterChange?
    ;

assignments
    : assignment (COMMA assignment)*
    ;

assignment
    : identifier EQUAL expression
    | refusedAssignment
    ;

returning
    : RETURNING selectList
    ;

// ---- Tables ----

createTable
    : CREATE TABLE (IF NOT EXISTS)? tableName OPEN tableElement (COMMA tableElement)* CLOSE refusedTableOption?
    | CREATE TABLE (IF NOT EXISTS)? tableName refusedTableOption
    | CREATE refusedObject
    ;

tableElement
    : columnDefinition
    | (CONSTRAINT identifier)? (primaryKey | refusedConstraint)
    ;

columnDefinition
    : identifier typeName columnConstraint*
    ;

columnConstraint
    : NOT NULL
    | NULL
    | PRIMARY KEY
    | refusedColumnConstraint
    ;

primaryKey
    : PRIMARY KEY OPEN columnNames CLOSE
    ;

dropTable
    : DROP TABLE (IF EXISTS)? tableName refusedAfterDrop?
    | DROP refusedObject
    ;

truncateTable
    : TRUNCATE TABLE? tableName refusedAfterDrop?
    ;

// ---- Transactions ----

begin
    : BEGIN (TRANSACTION | WORK)? refusedTransactionMode?
    | START TRANSACTION refusedTransactionMode?
    ;

commit
    : (COMMIT | END) (TRANSACTION | WORK)?
    ;

rollback
    : ROLLBACK (TRANSACTION | WORK)? (TO SAVEPOINT? identifier)?
    ;

savepoint
    : SAVEPOINT identifier
    ;

release
    : RELEASE SAVEPOINT? identifier
    ;

// ---- Looking and housekeeping ----

show
    : SHOW (TABLES | COLUMNS FROM tableName | STATS | LEVELS | VERSION)
    ;

flush
    : FLUSH
    ;

compact
    : COMPACT tableName?
    ;

checkpoint
    : CHECKPOINT TO (STRING | parameter)
    ;

verify
    : VERIFY
    ;

// ---- Expressions: the alternatives of a rule stand in order of binding, tightest first ----

expression
    : operand                                               # plain
    | expression NOT? BETWEEN operand AND operand           # between
    | expression NOT? IN inList                             # in
    | expression NOT? LIKE operand (ESCAPE operand)?        # like
    | expression NOT refusedOperator                        # otherPredicate
    | expression comparison expression                      # compare
    | expression IS NOT? (NULL | refusedTruth)              # isNull
    | NOT expression                                        # not
    | expression AND expression                             # and
    | expression OR expression                              # or
    ;

comparison
    : EQUAL
    | NOT_EQUAL
    | LESS
    | LESS_OR_EQUAL
    | GREATER
    | GREATER_OR_EQUAL
    ;

inList
    : OPEN (list | emptySelect | refusedList) CLOSE
    ;

// What Dapper writes for an empty list: (SELECT @p WHERE 1 = 0). Any other SELECT in this place is a sub-query and refused as one.
emptySelect
    : SELECT (NULL | parameter) WHERE INTEGER EQUAL INTEGER
    ;

operand
    : literal                                               # literalOperand
    | parameter                                             # parameterOperand
    | named                                                 # namedOperand
    | case                                                  # caseOperand
    | cast                                                  # castOperand
    | OPEN (list | refusedSubquery) CLOSE                   # parentheses
    | refusedOperand                                        # otherOperand
    | operand refusedOperator                               # otherOperator
    | (PLUS | MINUS) operand                                # signed
    | operand (STAR | SLASH | PERCENT) operand              # multiply
    | operand (PLUS | MINUS) operand                        # add
    | operand CONCATENATE operand                           # concatenate
    ;

list
    : expression (COMMA expression)*
    ;

// A column, a function, or a literal with its type in front: what follows the name tells.
named
    : identifier (DOT identifier | arguments | STRING)?
    ;

arguments
    : OPEN (STAR | refusedMode | list)? CLOSE refusedAfterCall?
    ;

case
    : CASE expression? whenClause+ (ELSE expression)? END
    ;

cast
    : CAST OPEN expression AS typeName CLOSE
    ;

whenClause
    : WHEN expression THEN expression
    ;

literal
    : INTEGER
    | DECIMAL
    | FLOAT
    | STRING
    | BLOB
    | TRUE
    | FALSE
    | NULL
    ;

parameter
    : NAMED_PARAMETER
    | POSITIONAL_PARAMETER
    ;

// Type names are not words of the grammar: TypeNames.cs knows them, and names the nearest when there is no such type.
typeName
    : IDENTIFIER typeWord* typeArguments? typeWord*
    ;

typeWord
    : IDENTIFIER
    | WITH
    ;

typeArguments
    : OPEN INTEGER (COMMA INTEGER)? CLOSE
    ;

// ---- Names ----

tableReference
    : tableName (AS identifier | bareLabel)?
    ;

tableName
    : identifier refusedQualifier?
    ;

columnNames
    : identifier (COMMA identifier)*
    ;

identifier
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | freeWord
    | followingWord
    ;

// After AS every word is a name.
label
    : identifier
    | reservedWord
    ;

// Without AS, a word that could also go on with the statement is not a name.
bareLabel
    : IDENTIFIER
    | QUOTED_IDENTIFIER
    | freeWord
    ;

followingWord
    : ESCAPE | FILTER | GLOB | OVER | REGEXP | SET
    ;

freeWord
    : ALTER | ANALYZE | ATTACH | AUTOINCREMENT | BEGIN | BY | CALL | CHECKPOINT | COLUMNS | COMMIT | COMPACT | CONFLICT | COPY | DECLARE
    | DELETE | DESCRIBE | DETACH | DO | DROP | DUPLICATE | EXECUTE | EXPLAIN | FLUSH | FUNCTION | GENERATED | GRANT | IDENTITY | IF
    | IGNORE | INDEX | INSERT | ISOLATION | KEY | LEVELS | LOCK | MATERIALIZED | MERGE | NOTHING | NULLS | PRAGMA | PROCEDURE | READ
    | RELEASE | REPLACE | REVOKE | ROLLBACK | SAVEPOINT | SCHEMA | SEQUENCE | SHOW | START | STATS | TABLES | TEMPORARY | TRANSACTION
    | TRIGGER | TRUNCATE | UPDATE | UPSERT | USE | VACUUM | VERIFY | VERSION | VIEW | WORK
    ;

reservedWord
    : ALL | AND | AS | ASC | BETWEEN | CASE | CAST | CHECK | COLLATE | CONSTRAINT | CREATE | CROSS | DEFAULT | DESC | DISTINCT | ELSE
    | END | EXCEPT | EXISTS | FALSE | FETCH | FOR | FOREIGN | FROM | FULL | GROUP | HAVING | ILIKE | IN | INNER | INTERSECT | INTO | IS
    | JOIN | LEFT | LIKE | LIMIT | NATURAL | NOT | NULL | OFFSET | ON | OR | ORDER | OUTER | PRIMARY | REFERENCES | RETURNING | RIGHT
    | SELECT | SIMILAR | TABLE | THEN | TO | TRUE | UNION | UNIQUE | USING | VALUES | WHEN | WHERE | WINDOW | WITH
    ;

// ---- Refusals. They stand last, so that one comparison tells them from the other rules. What each says is in Refusals.cs ----

refusedStatement
    : ALTER | ANALYZE | ATTACH | CALL | COPY | DECLARE | DESCRIBE | DETACH | EXECUTE | GRANT | LOCK | MERGE | PRAGMA | REVOKE | SET
    | TABLE | USE | VACUUM | VALUES | WITH | OPEN
    ;

refusedMode
    : DISTINCT
    ;

refusedDerivedTable
    : OPEN
    ;

refusedSubquery
    : SELECT | WITH | VALUES
    ;

refusedList
    : WITH | VALUES
    ;

refusedAfterTable
    : JOIN | INNER | LEFT | RIGHT | FULL | CROSS | NATURAL | COMMA
    ;

refusedAfterWhere
    : GROUP | HAVING | WINDOW | INTERSECT | EXCEPT
    ;

refusedAfterQuery
    : FOR | FETCH
    ;

refusedAfterOrderItem
    : NULLS | USING
    ;

refusedAfterLimit
    : COMMA
    ;

refusedAfterOr
    : IGNORE | ROLLBACK | IDENTIFIER
    ;

refusedSource
    : SELECT | WITH | DEFAULT | TABLE
    ;

refusedConflictTarget
    : ON
    ;

refusedConflictWhere
    : WHERE
    ;

refusedConflict
    : DUPLICATE
    ;

refusedUpdateFrom
    : FROM
    ;

refusedDeleteUsing
    : USING
    ;

refusedAfterChange
    : ORDER | LIMIT
    ;

refusedAssignment
    : OPEN
    ;

refusedTableOption
    : AS | LIKE | WITH | USING
    ;

refusedObject
    : FUNCTION | INDEX | MATERIALIZED | OR | PROCEDURE | SCHEMA | SEQUENCE | TEMPORARY | TRIGGER | UNIQUE | VIEW
    ;

refusedConstraint
    : UNIQUE | CHECK | FOREIGN
    ;

refusedColumnConstraint
    : AUTOINCREMENT | CHECK | COLLATE | CONSTRAINT | DEFAULT | GENERATED | IDENTITY | REFERENCES | UNIQUE
    ;

refusedAfterDrop
    : COMMA
    ;

refusedTransactionMode
    : ISOLATION | READ
    ;

refusedTruth
    : TRUE | FALSE | DISTINCT
    ;

refusedOperator
    : ILIKE | SIMILAR | GLOB | REGEXP | COLLATE | OTHER_OPERATOR
    ;

refusedOperand
    : EXISTS | DEFAULT
    ;

refusedAfterCall
    : OVER | FILTER
    ;

refusedQualifier
    : DOT
    ;
