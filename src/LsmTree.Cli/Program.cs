Console.WriteLine("lsmtree");
