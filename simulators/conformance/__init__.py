"""Does a gateway keep the contract? Plays the server on a broker and reports point by point.

`hearing` is the line, `playing` what is done to the gateway, `points` judges what was heard (pure),
`main` prints it.
"""
