from hesabu.app.cli import main

main()
