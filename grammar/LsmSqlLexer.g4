// The words of the dialect. Every text lexes: what no rule wants becomes ILLEGAL, what is never closed becomes UNTERMINATED,
// and the parser (or the check of the tokens before it) says so with a place.
lexer grammar LsmSqlLexer;

options { caseInsensitive = true; }

// ---- Reserved words: each would make a statement ambiguous, or is reserved in PostgreSQL and refused here with a hint ----
ALL: 'ALL';
AND: 'AND';
AS: 'AS';
ASC: 'ASC';
BETWEEN: 'BETWEEN';
CASE: 'CASE';
CAST: 'CAST';
CHECK: 'CHECK';
COLLATE: 'COLLATE';
CONSTRAINT: 'CONSTRAINT';
CREATE: 'CREATE';
CROSS: 'CROSS';
DEFAULT: 'DEFAULT';
DESC: 'DESC';
DISTINCT: 'DISTINCT';
ELSE: 'ELSE';
END: 'END';
EXCEPT: 'EXCEPT';
EXISTS: 'EXISTS';
FALSE: 'FALSE';
FETCH: 'FETCH';
FOR: 'FOR';
FOREIGN: 'FOREIGN';
FROM: 'FROM';
FULL: 'FULL';
GROUP: 'GROUP';
HAVING: 'HAVING';
ILIKE: 'ILIKE';
IN: 'IN';
INNER: 'INNER';
INTERSECT: 'INTERSECT';
INTO: 'INTO';
IS: 'IS';
JOIN: 'JOIN';
LEFT: 'LEFT';
LIKE: 'LIKE';
LIMIT: 'LIMIT';
NATURAL: 'NATURAL';
NOT: 'NOT';
NULL: 'NULL';
OFFSET: 'OFFSET';
ON: 'ON';
OR: 'OR';
ORDER: 'ORDER';
OUTER: 'OUTER';
PRIMARY: 'PRIMARY';
REFERENCES: 'REFERENCES';
RETURNING: 'RETURNING';
RIGHT: 'RIGHT';
SELECT: 'SELECT';
SIMILAR: 'SIMILAR';
TABLE: 'TABLE';
THEN: 'THEN';
TO: 'TO';
TRUE: 'TRUE';
UNION: 'UNION';
UNIQUE: 'UNIQUE';
USING: 'USING';
VALUES: 'VALUES';
WHEN: 'WHEN';
WHERE: 'WHERE';
WINDOW: 'WINDOW';
WITH: 'WITH';

// ---- Words with a meaning in their place only: names everywhere else ----
ANALYZE: 'ANALYZE';
BEGIN: 'BEGIN';
BY: 'BY';
CHECKPOINT: 'CHECKPOINT';
COLUMNS: 'COLUMNS';
COMMIT: 'COMMIT';
COMPACT: 'COMPACT';
CONFLICT: 'CONFLICT';
DELETE: 'DELETE';
DO: 'DO';
DROP: 'DROP';
ESCAPE: 'ESCAPE';
EXPLAIN: 'EXPLAIN';
FLUSH: 'FLUSH';
IF: 'IF';
INSERT: 'INSERT';
KEY: 'KEY';
LEVELS: 'LEVELS';
NOTHING: 'NOTHING';
RELEASE: 'RELEASE';
REPLACE: 'REPLACE';
ROLLBACK: 'ROLLBACK';
SAVEPOINT: 'SAVEPOINT';
SET: 'SET';
SHOW: 'SHOW';
START: 'START';
STATS: 'STATS';
TABLES: 'TABLES';
TRANSACTION: 'TRANSACTION';
TRUNCATE: 'TRUNCATE';
UPDATE: 'UPDATE';
UPSERT: 'UPSERT';
VERIFY: 'VERIFY';
VERSION: 'VERSION';
WORK: 'WORK';

// ---- Words of other dialects, known so that refusing them can say what to do instead; names everywhere else ----
ALTER: 'ALTER';
ATTACH: 'ATTACH';
AUTOINCREMENT: 'AUTOINCREMENT' | 'AUTO_INCREMENT';
CALL: 'CALL';
COPY: 'COPY';
DECLARE: 'DECLARE';
DESCRIBE: 'DESCRIBE';
DETACH: 'DETACH';
DUPLICATE: 'DUPLICATE';
EXECUTE: 'EXECUTE' | 'EXEC';
FILTER: 'FILTER';
FUNCTION: 'FUNCTION';
GENERATED: 'GENERATED';
GLOB: 'GLOB';
GRANT: 'GRANT';
IGNORE: 'IGNORE';
IDENTITY: 'IDENTITY';
INDEX: 'INDEX';
ISOLATION: 'ISOLATION';
LOCK: 'LOCK';
MATERIALIZED: 'MATERIALIZED';
MERGE: 'MERGE';
NULLS: 'NULLS';
OVER: 'OVER';
PRAGMA: 'PRAGMA';
PROCEDURE: 'PROCEDURE';
READ: 'READ';
REGEXP: 'REGEXP';
REVOKE: 'REVOKE';
SCHEMA: 'SCHEMA' | 'DATABASE';
SEQUENCE: 'SEQUENCE';
TEMPORARY: 'TEMPORARY' | 'TEMP';
TRIGGER: 'TRIGGER';
USE: 'USE';
VACUUM: 'VACUUM';
VIEW: 'VIEW';

// ---- Names and parameters ----
IDENTIFIER options { caseInsensitive = false; }: NAME_START NAME_PART*;
QUOTED_IDENTIFIER: '"' (~'"' | '""')* '"' | '[' (~']' | ']]')* ']' | '`' (~'`' | '``')* '`';
NAMED_PARAMETER options { caseInsensitive = false; }: [@:$] NAME_START NAME_PART*;
POSITIONAL_PARAMETER: '?' DIGIT* | '$' DIGIT+;

// ---- Literals ----
INTEGER: DIGIT+;
DECIMAL: DIGIT+ '.' DIGIT* | '.' DIGIT+;
FLOAT: (DIGIT+ ('.' DIGIT*)? | '.' DIGIT+) 'E' [+-]? DIGIT+;
MALFORMED_NUMBER options { caseInsensitive = false; }: (DIGIT+ ('.' DIGIT*)? | '.' DIGIT+) NAME_START NAME_PART*;
STRING: '\'' (~'\'' | '\'\'')* '\'';
BLOB: 'X\'' ~'\''* '\'';

// ---- Signs ----
EQUAL: '=';
NOT_EQUAL: '<>' | '!=';
LESS: '<';
LESS_OR_EQUAL: '<=';
GREATER: '>';
GREATER_OR_EQUAL: '>=';
PLUS: '+';
MINUS: '-';
STAR: '*';
SLASH: '/';
PERCENT: '%';
CONCATENATE: '||';
OPEN: '(';
CLOSE: ')';
COMMA: ',';
DOT: '.';
SEMICOLON: ';';
OTHER_OPERATOR: '::' | '->' | '->>' | '~' | '!~' | '^' | '&' | '|' | '<<' | '>>' | '==' | '<=>';

// ---- What lies between words. Block comments nest, as PostgreSQL's do; a mode counts them, so that no depth can exhaust the stack ----
SPACE: [\p{White_Space}\uFEFF]+ -> skip;
LINE_COMMENT: '--' ~[\r\n]* -> skip;
COMMENT_START: '/*' -> channel(HIDDEN), pushMode(COMMENT);

fragment NAME_START options { caseInsensitive = false; }: [\p{L}\p{Nl}_];
fragment NAME_PART options { caseInsensitive = false; }: [\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}_];
fragment DIGIT: [0-9];

// ---- What is not of the dialect ----
UNTERMINATED: 'X'? '\'' (~'\'' | '\'\'')* | '"' (~'"' | '""')* | '[' (~']' | ']]')* | '`' (~'`' | '``')*;
ILLEGAL: .;

mode COMMENT;

COMMENT_NESTED: '/*' -> skip, pushMode(COMMENT);
COMMENT_END: '*/' -> skip, popMode;
COMMENT_TEXT: ~[*/]+ -> skip;
COMMENT_SIGN: [*/] -> skip;
