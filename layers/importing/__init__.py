"""From the checked rows of a file to the store: what each row would do, told before anything is written, then done."""
