"""Pure: the life of one external resource; decides, never acts."""
