"""Facts to screens: one stream of events per browser, fed after commit, with only what its role may see."""
